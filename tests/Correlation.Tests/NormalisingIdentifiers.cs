using Exchange.Requests.V1;

namespace Exchange.Correlation.Tests;

public sealed class NormalisingIdentifiers
{
    [Theory]
    [InlineData("MP1234567", "MP1234567")]
    [InlineData("mp 1234-567", "MP1234567")]
    [InlineData("МР1234567", "MP1234567")] // Cyrillic М and Р
    [InlineData("AВ0769723", "AB0769723")] // Latin A, Cyrillic В
    [InlineData("КВ № 5726233", "KB5726233")]
    [InlineData("кв5726233", "KB5726233")]
    [InlineData("АІ 7654321", "AI7654321")] // Belarusian І
    [InlineData("ΑΒ-123456", "AB123456")] // Greek
    [InlineData("ДЮ1234567", "ДЮ1234567")] // no Latin letter looks like these
    public void A_document_is_letters_and_digits_with_look_alikes_as_Latin(string written, string form) =>
        NormalForm.Of(IdentifierKind.Document, written).ShouldBe(form);

    [Theory]
    [InlineData("7920 PE-1", "7920PE1")]
    [InlineData("7920 РЕ-1", "7920PE1")]
    [InlineData("7920pe1", "7920PE1")]
    [InlineData("о123ху 77", "O123XY77")]
    public void A_plate_is_letters_and_digits_with_look_alikes_as_Latin(string written, string form) =>
        NormalForm.Of(IdentifierKind.Plate, written).ShouldBe(form);

    [Theory]
    [InlineData("WDB1240501C123456", "WDB1240501C123456")]
    [InlineData("wdb 124050 1c123456", "WDB1240501C123456")]
    [InlineData("WDBI24O5Q1C123456", "WDB1240501C123456")] // ISO 3779 has no I, O, Q
    [InlineData("ХТА210990Y1234567", "XTA210990Y1234567")] // a Lada, in Cyrillic
    public void A_VIN_has_no_letters_that_look_like_digits(string written, string form) =>
        NormalForm.Of(IdentifierKind.Vin, written).ShouldBe(form);

    [Theory]
    [InlineData("+375 29 195-22-43", "+375291952243")]
    [InlineData("00375291952243", "+375291952243")]
    [InlineData("375291952243", "+375291952243")]
    [InlineData("8 029 195 22 43", "+375291952243")]
    [InlineData("8-(029)-195-22-43", "+375291952243")]
    [InlineData("+370 (61) 242-82922", "+3706124282922")]
    [InlineData("003706124282922", "+3706124282922")]
    [InlineData("+79164716073", "+79164716073")]
    [InlineData("0079164716073", "+79164716073")]
    [InlineData("8 916 471 60 73", "+79164716073")]
    [InlineData("+49 (0)151 2277371", "+491512277371")]
    [InlineData("２９ 195 22 43", "291952243")] // full-width digits; national, so without a plus
    [InlineData("29 195 22 43", "291952243")]
    [InlineData("tel. +48601958668", "48601958668")] // a plus counts only in front
    public void A_phone_is_E164_as_far_as_it_says_its_country(string written, string form) =>
        NormalForm.Of(IdentifierKind.Phone, written).ShouldBe(form);

    [Theory]
    [InlineData(IdentifierKind.Document, "")]
    [InlineData(IdentifierKind.Document, "б/н")]
    [InlineData(IdentifierKind.Document, "unknown")]
    [InlineData(IdentifierKind.Document, "0000000")]
    [InlineData(IdentifierKind.Document, "AB12")]
    [InlineData(IdentifierKind.Phone, "нет")]
    [InlineData(IdentifierKind.Phone, "112")]
    [InlineData(IdentifierKind.Phone, "+0000000000")]
    [InlineData(IdentifierKind.Plate, "?")]
    [InlineData(IdentifierKind.Plate, "none")]
    [InlineData(IdentifierKind.Vin, "-")]
    [InlineData(IdentifierKind.Unspecified, "MP1234567")]
    public void What_tells_nobody_apart_is_no_identifier(IdentifierKind kind, string written) =>
        NormalForm.Of(kind, written).ShouldBeNull();
}
