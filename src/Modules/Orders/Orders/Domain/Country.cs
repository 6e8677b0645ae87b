using System.Collections.Frozen;

namespace Monolith.Modules.Orders.Domain;

/// <summary>The countries of ISO 3166, by their alpha-2 codes.</summary>
internal static class Country
{
    private const string Known =
        "AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ CA CC " +
        "CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR GA GB GD " +
        "GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH " +
        "KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW " +
        "MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC " +
        "SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY " +
        "UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW";

    // Source: Google's libaddressinput (RegionDataConstants), the countries whose address format has no postal code.
    // KP and SY have no format there, and no code by the Universal Postal Union. Ireland's codes are of single addresses (Eircode), and its
    // post does not need them.
    private const string NoPostalCode =
        "AE AG AO AQ AW BF BI BJ BO BQ BS BV BW BZ CD CF CG CI CK CM CW DJ DM ER FJ GA GD GH GM GQ GY HK IE JM KI KM KN KP LC " +
        "LY ML MO MR MS MW NA NR NU PA PS QA RW SB SC SL SR SS ST SX SY TD TF TG TK TL TO TT TV UG VU WS YE ZW";

    /// <summary>The codes, in their order.</summary>
    public static IReadOnlyCollection<string> Codes { get; } = Known.Split(' ');

    /// <summary>The codes of countries that have no postal codes, or need none, in their order.</summary>
    public static IReadOnlyCollection<string> WithoutPostalCodes { get; } = NoPostalCode.Split(' ');

    private static readonly FrozenSet<string> All = Codes.ToFrozenSet(StringComparer.Ordinal);
    private static readonly FrozenSet<string> Uncoded = WithoutPostalCodes.ToFrozenSet(StringComparer.Ordinal);

    public static bool IsKnown(string code) => All.Contains(code);

    /// <summary>Whether an address in the country must have a postal code.</summary>
    public static bool NeedsPostalCode(string code) => !Uncoded.Contains(code);
}
