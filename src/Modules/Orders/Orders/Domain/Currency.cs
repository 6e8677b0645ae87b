using System.Collections.Frozen;

namespace Monolith.Modules.Orders.Domain;

/// <summary>A currency of ISO 4217 and the digits that its minor unit has.</summary>
internal sealed class Currency
{
    private const string WithoutMinorUnit = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF";

    private const string WithTwoDigits =
        "AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD CDF CHE CHF CHW CNY COP " +
        "COU CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR " +
        "JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MXV MYR MZN NAD NGN " +
        "NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL " +
        "THB TJS TMT TOP TRY TTD TWD TZS UAH USD USN UYU UZS VED VES WST XAD XCD XCG YER ZAR ZMW ZWG";

    private const string WithThreeDigits = "BHD IQD JOD KWD LYD OMR TND";
    private const string WithFourDigits = "CLF UYW";

    private static readonly FrozenDictionary<string, Currency> All = Of(WithoutMinorUnit, 0)
        .Concat(Of(WithTwoDigits, 2)).Concat(Of(WithThreeDigits, 3)).Concat(Of(WithFourDigits, 4))
        .ToFrozenDictionary(currency => currency.Code, StringComparer.Ordinal);

    /// <summary>The codes, in their order.</summary>
    public static IReadOnlyCollection<string> Codes { get; } = [.. All.Keys.Order(StringComparer.Ordinal)];

    private Currency(string code, int minorDigits)
    {
        Code = code;
        MinorDigits = minorDigits;
    }

    public string Code { get; }

    public int MinorDigits { get; }

    /// <summary>
    /// The currency of a code, or null where there is none; precious metals and test codes have no minor unit and are none.
    /// </summary>
    public static Currency? Find(string? code) => code is null ? null : All.GetValueOrDefault(code);

    /// <summary>Checks that an amount has no fraction of the minor unit.</summary>
    /// <returns>The message for the caller, or null if the amount can be paid in this currency.</returns>
    public string? Fault(decimal amount) =>
        decimal.Round(amount, MinorDigits) == amount ? null : $"Must have at most {MinorDigits} digits behind the point in {Code}.";

    /// <summary>
    /// The amount with exactly the minor digits of the currency: 12.5 as 12.50, so that equal amounts look equal wherever they are written.
    /// </summary>
    public decimal Express(decimal amount)
    {
        var noneOfIt = new decimal(0, 0, 0, false, (byte)MinorDigits);
        return decimal.Round(amount, MinorDigits) + noneOfIt;
    }

    private static IEnumerable<Currency> Of(string codes, int minorDigits) =>
        codes.Split(' ').Select(code => new Currency(code, minorDigits));
}
