using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Monolith.BuildingBlocks.Projections.Stores;

namespace Monolith.BuildingBlocks.Projections.Verification;

/// <summary>
/// A hash over the rows of a generation that does not depend on their order: the sum of the SHA-256 of each row as JSON, with numbers
/// without trailing zeros. Equal rows have equal hashes in every store.
/// </summary>
internal sealed class RowHash<TKey, TRow>(IProjectionStore<TKey, TRow> store)
    where TKey : struct, IEquatable<TKey>
    where TRow : class
{
    private const int RowsPerRead = 5_000;
    private const int HashBytes = 16;

    /// <summary>Counts and hashes the rows, which must not change meanwhile.</summary>
    public async Task<(long Rows, string Hash)> OfAsync(int generation, CancellationToken cancellation)
    {
        var (count, sum) = (0L, UInt128.Zero);
        TKey? after = null;
        while (await store.ScanAsync(generation, after, RowsPerRead, cancellation) is { Count: > 0 } rows)
        {
            foreach (var row in rows)
                sum += Of(row);
            count += rows.Count;
            after = store.KeyOf(rows[^1]);
        }

        return (count, Text(sum));
    }

    public static string Text(UInt128 sum) => sum.ToString("x32", CultureInfo.InvariantCulture);

    /// <summary>The hash of one row.</summary>
    public static UInt128 Of(TRow row)
    {
        var canonical = new StringBuilder();
        var reader = new Utf8JsonReader(RowJson.Bytes(row));
        while (reader.Read())
        {
            canonical.Append((char)reader.TokenType);
            if (reader.TokenType == JsonTokenType.Number)
                canonical.Append(Number(ref reader));
            else if (reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName)
                canonical.Append(reader.GetString()).Append('\0');
        }

        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(canonical.ToString()), hash);
        return new UInt128(BitConverter.ToUInt64(hash[..8]), BitConverter.ToUInt64(hash[8..HashBytes]));
    }

    // The order of additions decides whether an amount is 12.5 or 12.50.
    private static string Number(ref Utf8JsonReader reader) => reader.TryGetDecimal(out var exact)
        ? exact.ToString("G29", CultureInfo.InvariantCulture)
        : reader.GetDouble().ToString("R", CultureInfo.InvariantCulture);
}
