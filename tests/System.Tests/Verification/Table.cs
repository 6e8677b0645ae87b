using System.Globalization;
using Npgsql;

namespace Monolith.System.Tests.Verification;

/// <summary>The rows of a query as text by their first column, for comparison with the expected rows.</summary>
internal static class Table
{
    private const int ShownDifferences = 5;

    public static async Task<Dictionary<Guid, string>> ReadAsync(NpgsqlDataSource database, string select)
    {
        var rows = new Dictionary<Guid, string>();
        await using var command = database.CreateCommand(select);
        await using var row = await command.ExecuteReaderAsync();
        while (await row.ReadAsync())
            rows.Add(
                row.GetGuid(0), Row([.. Enumerable.Range(1, row.FieldCount - 1).Select(i => row.IsDBNull(i) ? null : row.GetValue(i))]));
        return rows;
    }

    /// <summary>One row as text.</summary>
    public static string Row(params object?[] values) => string.Join(" | ", values.Select(value => value switch
    {
        null => "-",
        DateTime time => time.ToString("O", CultureInfo.InvariantCulture),
        DateTimeOffset time => time.UtcDateTime.ToString("O", CultureInfo.InvariantCulture),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture),
    }));

    /// <summary>The rows are exactly these.</summary>
    public static void ShouldBe(string name, Dictionary<Guid, string> rows, Dictionary<Guid, string> expected)
    {
        var differences = expected.Keys.Union(rows.Keys)
            .Where(key => rows.GetValueOrDefault(key) != expected.GetValueOrDefault(key))
            .Select(
                key =>
                    $"{key}\n  is        {rows.GetValueOrDefault(key) ?? "missing"}\n  should be "
                        + $"{expected.GetValueOrDefault(key) ?? "missing"}")
            .ToArray();
        if (differences.Length > 0)
            Assert.Fail(
                $"{name}: {differences.Length} of {expected.Count} rows are "
                    + $"wrong:\n{string.Join('\n', differences.Take(ShownDifferences))}");
    }
}
