using System.Text.Json;
using Monolith.BuildingBlocks.Projections.DuckDb.Tables;

namespace Monolith.Modules.Analytics.Reports;

/// <summary>Amounts as they are written: exact, with the minor digits of their currency.</summary>
internal static class Amounts
{
    // To divide by it takes away the zeros at the end.
    private const decimal One = 1.0000000000000000000000000000m;

    /// <summary>Writes an amount from a line: the amount, then the digits.</summary>
    public static void WriteAmount(this Utf8JsonWriter json, string name, DuckDbLine line)
    {
        var amount = line.Exact();
        json.WriteNumber(name, WithDigits(amount, line.Whole()));
    }

    /// <summary>The same amount with as many digits behind the point, or more where it has more; the store keeps four of them.</summary>
    public static decimal WithDigits(decimal amount, int digits)
    {
        var plain = amount / One;
        return plain.Scale >= digits ? plain : plain + new decimal(0, 0, 0, false, (byte)digits);
    }
}
