namespace Exchange.Cli;

/// <summary>The characters a drawing is made of.</summary>
/// <param name="Solid">The bar below the interval.</param>
/// <param name="Within">The bar inside the interval: up to here it is the rate, but it may be less.</param>
/// <param name="Beyond">The interval above the rate.</param>
/// <param name="End">The upper end of the interval.</param>
/// <param name="Dash">Between two numbers.</param>
/// <param name="Mark">Before an entry of a list.</param>
sealed record Glyphs(char Solid, char Within, char Beyond, char End, char Dash, char Mark)
{
    public static readonly Glyphs Unicode = new('█', '▒', '─', '┤', '–', '●');

    public static readonly Glyphs Ascii = new('#', '=', '-', '|', '-', '*');

    public static Glyphs For(bool unicode) => unicode ? Unicode : Ascii;
}
