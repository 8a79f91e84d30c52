using FsCheck;
using FsCheck.Fluent;

namespace Exchange.Platform.Tests;

public sealed class ReadingAnIdentity
{
    static readonly Gen<string> Word =
        from first in Letter("abcdefghijklmnopqrstuvwxyz0123456789")
        from middle in Letter("abcdefghijklmnopqrstuvwxyz0123456789-").ArrayOf()
        from last in Letter("abcdefghijklmnopqrstuvwxyz0123456789")
        select first + string.Concat(middle.Take(62)) + last;

    static readonly Gen<Caller> Officer =
        from state in Letter("ABCDEFGHIJKLMNOPQRSTUVWXYZ").ArrayOf(2)
        from authority in Word
        from unit in Word
        from number in Gen.Choose(1, int.MaxValue)
        from role in Gen.Elements(CallerRole.Investigator, CallerRole.Prosecutor, CallerRole.Liaison, CallerRole.Operator)
        select new Caller
        {
            State = string.Concat(state),
            Authority = authority,
            Unit = unit,
            OfficerNumber = number.ToString(System.Globalization.CultureInfo.InvariantCulture),
            Role = role,
        };

    static readonly Gen<Caller> Service =
        from name in Word
        select new Caller { Role = CallerRole.Service, Service = name };

    [Fact]
    public void What_is_written_is_read_back_the_same() =>
        Prop.ForAll(Gen.OneOf(Officer, Service).ToArbitrary(), caller =>
            CallerUri.TryParse(caller.ToString(), CallerRole.OfOfficers, out var read, out _) && read == caller).QuickCheckThrowOnFailure();

    [Fact]
    public void Whatever_is_read_is_written_back_letter_for_letter() =>
        Prop.ForAll(Gen.OneOf(Officer, Service).ToArbitrary(), Gen.Choose(0, 200).ToArbitrary(),
            Letter("aZ0-/?=: .%\n\0é").ToArbitrary(), (caller, at, noise) =>
        {
            var uri = caller.ToString();
            var bent = uri.Insert(at % (uri.Length + 1), noise);
            return !CallerUri.TryParse(bent, CallerRole.OfOfficers, out var read, out _) || read.ToString() == bent;
        }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("")]
    [InlineData("https://BY/a/b/1?role=prosecutor")]
    [InlineData("EXCHANGE://BY/a/b/1?role=prosecutor")]
    [InlineData("exchange://by/a/b/1?role=prosecutor")]
    [InlineData("exchange://BLR/a/b/1?role=prosecutor")]
    [InlineData("exchange://BY/a/b/1")]
    [InlineData("exchange://BY/a/b/1?role=")]
    [InlineData("exchange://BY/a/b/1?role=service")]
    [InlineData("exchange://BY/a/b/1?role=Prosecutor")]
    [InlineData("exchange://BY/a/b/1?role=prosecutor&role=operator")]
    [InlineData("exchange://BY/a/b/1?role=prosecutor#x")]
    [InlineData("exchange://BY/a/b/1?role=prosecutor\n")]
    [InlineData("exchange://BY/a/b/c/1?role=prosecutor")]
    [InlineData("exchange://BY//b/1?role=prosecutor")]
    [InlineData("exchange://BY/a/../1?role=prosecutor")]
    [InlineData("exchange://BY/a%2Fb/c/1?role=prosecutor")]
    [InlineData("exchange://BY:443/a/b/1?role=prosecutor")]
    [InlineData("exchange://x@BY/a/b/1?role=prosecutor")]
    [InlineData("exchange://service/-")]
    [InlineData("exchange://service/Requests")]
    [InlineData("exchange://service/requests/")]
    [InlineData("exchange://service/requests?role=prosecutor")]
    public void Anything_else_is_refused_with_a_reason_that_does_not_repeat_it(string uri)
    {
        CallerUri.TryParse(uri, CallerRole.OfOfficers, out var caller, out var reason).ShouldBeFalse();

        caller.ShouldBeNull();
        reason.ShouldNotBeNullOrEmpty();
        if (uri.Length > 0)
            reason.ShouldNotContain(uri);
    }

    static Gen<string> Letter(string from) => Gen.Elements(from.Select(c => c.ToString()));
}
