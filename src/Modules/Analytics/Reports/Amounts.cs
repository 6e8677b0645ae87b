using System.Text.Json;
using Monolith.BuildingBlocks.Projections.DuckDb.Tables;

namespace Monolith.Modules.Analytics.Reports;

/// <summary>Amounts as they are written: exact, with the minor digits of their currency. They come as the store's text, which needs no arithmetic on the way: an answer may have a line for each customer.</summary>
internal static class Amounts
{
    /// <summary>The amount as a column of a report.</summary>
    /// <param name="expression">An exact decimal in SQL.</param>
    public static string Column(string expression) => $"({expression})::varchar";

    /// <summary>Writes an amount from a line: the amount as <see cref="Column"/> gives it, then the digits.</summary>
    public static void WriteAmount(this Utf8JsonWriter json, JsonEncodedText name, DuckDbLine line)
    {
        var amount = line.Text();
        json.WritePropertyName(name);
        json.WriteRawValue(WithDigits(amount, line.Whole()), skipInputValidation: true);
    }

    /// <summary>The same amount with as many digits behind the point, or more where it has more; the store writes four of them.</summary>
    public static ReadOnlySpan<char> WithDigits(ReadOnlySpan<char> amount, int digits)
    {
        var point = amount.IndexOf('.');
        if (point < 0)
            return amount;
        var behind = Math.Max(amount.TrimEnd('0').Length - point - 1, Math.Min(digits, amount.Length - point - 1));
        return amount[..(behind == 0 ? point : point + 1 + behind)];
    }
}
