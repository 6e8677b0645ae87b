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
/// <typeparam name="TKey">The key of a row.</typeparam>
/// <typeparam name="TRow">A row.</typeparam>
/// <param name="store">The store of the rows.</param>
public sealed class RowHash<TKey, TRow>(IProjectionStore<TKey, TRow> store)
    where TKey : struct, IEquatable<TKey>
    where TRow : class
{
    private const int RowsPerRead = 5_000;

    /// <summary>Counts and hashes the rows, which must not change meanwhile.</summary>
    /// <param name="generation">The generation.</param>
    /// <param name="cancellation">Cancels the operation.</param>
    public async Task<(long Rows, string Hash)> OfAsync(int generation, CancellationToken cancellation)
    {
        var (count, sum) = (0L, UInt128.Zero);
        TKey? after = null;
        while (await store.ScanAsync(generation, after, RowsPerRead, cancellation) is { Count: > 0 } rows)
        {
            foreach (var row in rows)
                sum += RowHash.Of<TRow>(row);
            count += rows.Count;
            after = store.KeyOf(rows[^1]);
        }

        return (count, RowHash.Text(sum));
    }
}

/// <summary>The hash over rows; see <see cref="RowHash{TKey, TRow}"/>.</summary>
public static class RowHash
{
    private const int HashBytes = 16;

    /// <summary>The number of rows and the hash of rows that are in memory.</summary>
    /// <typeparam name="TRow">A row.</typeparam>
    /// <param name="rows">The rows.</param>
    public static (long Rows, string Hash) Of<TRow>(IReadOnlyCollection<TRow> rows)
        where TRow : class =>
        (rows.Count, Text(rows.Aggregate(UInt128.Zero, (sum, row) => sum + Of<TRow>(row))));

    internal static string Text(UInt128 sum) => sum.ToString("x32", CultureInfo.InvariantCulture);

    /// <summary>The hash of one row.</summary>
    internal static UInt128 Of<TRow>(TRow row)
        where TRow : class
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
