using System.Text.Json;
using Monolith.BuildingBlocks.Projections.DuckDb.Tables;

namespace Monolith.Modules.Analytics.Infrastructure.Reports;

/// <summary>Writes amounts exactly, with the minor digits of their currency.</summary>
internal static class Amounts
{
    // Dividing by it removes trailing zeros.
    private const decimal One = 1.0000000000000000000000000000m;

    /// <summary>Writes an amount from two columns: the amount and the number of digits.</summary>
    public static void WriteAmount(this Utf8JsonWriter json, string name, DuckDbLine line)
    {
        var amount = line.Exact();
        json.WriteNumber(name, WithDigits(amount, line.Whole()));
    }

    /// <summary>The amount with at least this number of decimal digits. The store keeps four of them.</summary>
    public static decimal WithDigits(decimal amount, int digits)
    {
        var plain = amount / One;
        return plain.Scale >= digits ? plain : plain + new decimal(0, 0, 0, false, (byte)digits);
    }
}
