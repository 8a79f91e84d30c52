using System.Collections.Frozen;
using System.Globalization;
using Exchange.Requests.V1;

namespace Exchange.Correlation;

/// <summary>
/// One written form for each identifier, however a clerk wrote it. Two values are the same exactly when their forms are
/// equal; nothing here guesses, for a false link costs an investigator a day and a stranger his privacy.
/// </summary>
static class NormalForm
{
    // Letters that look alike in capitals: a clerk types a Belarusian passport on whichever keyboard is on.
    static readonly FrozenDictionary<char, char> LookAlikes = new Dictionary<char, char>
    {
        ['А'] = 'A', ['В'] = 'B', ['Е'] = 'E', ['К'] = 'K', ['М'] = 'M', ['Н'] = 'H', ['О'] = 'O', ['Р'] = 'P', ['С'] = 'C',
        ['Т'] = 'T', ['У'] = 'Y', ['Х'] = 'X', ['І'] = 'I', ['Ј'] = 'J', ['Ѕ'] = 'S',
        ['Α'] = 'A', ['Β'] = 'B', ['Ε'] = 'E', ['Ζ'] = 'Z', ['Η'] = 'H', ['Ι'] = 'I', ['Κ'] = 'K', ['Μ'] = 'M', ['Ν'] = 'N',
        ['Ο'] = 'O', ['Ρ'] = 'P', ['Τ'] = 'T', ['Υ'] = 'Y', ['Χ'] = 'X',
    }.ToFrozenDictionary();

    /// <summary>The normal form; null for a kind that is not compared and for a value too poor to tell anybody apart.</summary>
    public static string? Of(IdentifierKind kind, string written) => kind switch
    {
        IdentifierKind.Document => Telling(Characters(written), atLeast: 5, digits: 3),
        IdentifierKind.Plate => Telling(Characters(written), atLeast: 4, digits: 1),
        IdentifierKind.Vin => Telling(VinCharacters(written), atLeast: 8, digits: 1),
        IdentifierKind.Phone => Telling(Phone(written), atLeast: 7, digits: 7),
        _ => null,
    };

    /// <summary>Letters and digits only, upper case, look-alikes as Latin. Other letters stay: a Cyrillic series is a series.</summary>
    static string Characters(string written) =>
        string.Concat(written.ToUpperInvariant().Where(char.IsLetterOrDigit).Select(c => LookAlikes.GetValueOrDefault(c, c)));

    // ISO 3779 has no I, O or Q, just because they are read as 1 and 0.
    static string VinCharacters(string written) => Characters(written).Replace('I', '1').Replace('O', '0').Replace('Q', '0');

    /// <summary>
    /// E.164 with its plus as far as the number says its country: <c>+</c> or a leading <c>00</c>; the trunk 8-0xx of
    /// Belarus; 8 and ten digits as Russia and Kazakhstan write them; Belarus's code without the plus. A
    /// trunk zero written in brackets after the country goes. Any other number stays national, without a plus.
    /// </summary>
    static string Phone(string written)
    {
        var digits = Digits(written.Replace("(0)", "", StringComparison.Ordinal));
        var international = written.AsSpan().TrimStart().StartsWith('+');
        if (!international && digits.StartsWith("00", StringComparison.Ordinal))
            (international, digits) = (true, digits[2..]);

        return (international, digits) switch
        {
            (true, _) => "+" + digits,
            (_, ['8', '0', .. { Length: 9 } subscriber]) => "+375" + subscriber,
            (_, ['8', '3' or '4' or '7' or '8' or '9', ..] and { Length: 11 }) => "+7" + digits[1..],
            (_, ['3', '7', '5', ..] and { Length: 12 }) => "+" + digits,
            _ => digits,
        };
    }

    static string Digits(string written) => string.Concat(written
        .Where(char.IsDigit)
        .Select(c => CharUnicodeInfo.GetDecimalDigitValue(c).ToString(CultureInfo.InvariantCulture)));

    // "unknown", "б/н", "000000" are no identifiers, though registers have them in their columns.
    static string? Telling(string form, int atLeast, int digits) =>
        form.Length >= atLeast
        && form.Count(char.IsAsciiDigit) >= digits
        && form.Where(char.IsLetterOrDigit).Distinct().Count() > 1
            ? form
            : null;
}
