using Parquet;
using Parquet.Schema;

namespace Monolith.Analytics.Tests.Module;

/// <summary>A Parquet file, read by another library than the one that wrote it.</summary>
/// <param name="Columns">The columns with their types.</param>
/// <param name="LocalTimes">The time columns that are not declared as UTC.</param>
/// <param name="Rows">The values by column.</param>
internal sealed record ParquetFile(
    IReadOnlyList<string> Columns, IReadOnlyList<string> LocalTimes, IReadOnlyList<Dictionary<string, object?>> Rows)
{
    public static async Task<ParquetFile> ReadAsync(byte[] bytes)
    {
        await using var reader = await ParquetReader.CreateAsync(new MemoryStream(bytes));
        var fields = reader.Schema.GetDataFields();
        var rows = new List<Dictionary<string, object?>>();
        for (var i = 0; i < reader.RowGroupCount; i++)
        {
            using var group = reader.OpenRowGroupReader(i);
            var count = (int)group.RowCount;
            var groupRows = Enumerable.Range(0, count).Select(_ => new Dictionary<string, object?>()).ToArray();
            foreach (var field in fields)
            {
                var values = await ValuesAsync(group, field, count);
                for (var row = 0; row < count; row++)
                    groupRows[row].Add(field.Name, values[row]);
            }

            rows.AddRange(groupRows);
        }

        return new ParquetFile(
            [.. fields.Select(field => $"{field.Name} {(IsText(field) ? nameof(String) : field.ClrType.Name)}")],
            [.. fields.Where(IsLocalTime).Select(field => field.Name)],
            rows);
    }

    private static bool IsText(DataField field) => field.ClrType == typeof(string) || field.ClrType == typeof(ReadOnlyMemory<char>);

    private static bool IsLocalTime(DataField field) =>
        field.ClrType == typeof(DateTime) && field is not DateTimeDataField { IsAdjustedToUTC: true };

    private static Task<object?[]> ValuesAsync(ParquetRowGroupReader group, DataField field, int count) => field.ClrType switch
    {
        _ when IsText(field) => TextsAsync(group, field, count),
        var type when type == typeof(int) => ValuesAsync<int>(group, field, count),
        var type when type == typeof(long) => ValuesAsync<long>(group, field, count),
        var type when type == typeof(bool) => ValuesAsync<bool>(group, field, count),
        var type when type == typeof(decimal) => ValuesAsync<decimal>(group, field, count),
        var type when type == typeof(DateTime) => ValuesAsync<DateTime>(group, field, count),
        var type => throw new NotSupportedException($"{field.Name} is a {type}."),
    };

    private static async Task<object?[]> TextsAsync(ParquetRowGroupReader group, DataField field, int count)
    {
        var values = new string?[count];
        await group.ReadAsync(field, values.AsMemory()!);
        return [.. values];
    }

    private static async Task<object?[]> ValuesAsync<T>(ParquetRowGroupReader group, DataField field, int count)
        where T : struct
    {
        var values = new T?[count];
        await group.ReadAsync(field, values.AsMemory());
        return [.. values.Select(value => (object?)value)];
    }
}
