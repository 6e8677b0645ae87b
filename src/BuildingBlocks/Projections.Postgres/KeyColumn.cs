using System.Globalization;
using Npgsql;

namespace Monolith.BuildingBlocks.Projections.Postgres;

/// <summary>A scalar column as the key.</summary>
internal sealed class KeyColumn<TRow, TKey>(ScalarColumn<TRow, TKey> column) : IKeyColumn<TRow, TKey>
    where TKey : struct, IEquatable<TKey>, ISpanParsable<TKey>, IFormattable
{
    public string Name => column.Name;

    public string SqlType => column.SqlType;

    public TKey Get(TRow row) => column.Get(row);

    public NpgsqlParameter Keys(IReadOnlyCollection<TKey> keys) => new NpgsqlParameter<TKey[]> { TypedValue = [.. keys] };

    public NpgsqlParameter One(TKey key) => new NpgsqlParameter<TKey> { TypedValue = key };

    public string TextOf(TKey key) => key.ToString(null, CultureInfo.InvariantCulture);

    public TKey Parse(string text) => TKey.Parse(text, CultureInfo.InvariantCulture);
}
