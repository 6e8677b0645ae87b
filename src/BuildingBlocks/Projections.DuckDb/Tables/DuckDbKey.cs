using DuckDB.NET.Data;
using Monolith.BuildingBlocks.Projections.Folds;

namespace Monolith.BuildingBlocks.Projections.DuckDb.Tables;

/// <summary>The key column of a key type.</summary>
internal abstract class DuckDbKey<TKey>
    where TKey : struct, IEquatable<TKey>
{
    public abstract string Type { get; }

    /// <summary>Whether values have 128 bits.</summary>
    public abstract bool IsWide { get; }

    /// <exception cref="InvalidOperationException">The key type is not supported.</exception>
    public static DuckDbKey<TKey> Default { get; } =
        typeof(TKey) == typeof(Guid) ? (DuckDbKey<TKey>)(object)new OfUuid()
        : typeof(TKey) == typeof(TextKey) ? (DuckDbKey<TKey>)(object)new OfText()
        : throw new InvalidOperationException($"DuckDB keeps rows by Guid or TextKey, not by {typeof(TKey).Name}.");

    public abstract void Append(IDuckDBAppenderRow row, TKey key);

    public abstract DuckDBParameter One(TKey key);

    public abstract DuckDBParameter Several(IEnumerable<TKey> keys);

    public abstract TKey Read(DuckDbLine line);

    private sealed class OfUuid : DuckDbKey<Guid>
    {
        public override string Type => "uuid";

        public override bool IsWide => true;

        public override void Append(IDuckDBAppenderRow row, Guid key) => row.AppendValue((Guid?)key);

        public override DuckDBParameter One(Guid key) => new(key);

        public override DuckDBParameter Several(IEnumerable<Guid> keys) => new(keys.ToList());

        public override Guid Read(DuckDbLine line) => line.Uuid();
    }

    private sealed class OfText : DuckDbKey<TextKey>
    {
        public override string Type => "varchar";

        public override bool IsWide => false;

        public override void Append(IDuckDBAppenderRow row, TextKey key) => row.AppendValue(key.Value);

        public override DuckDBParameter One(TextKey key) => new(key.Value);

        public override DuckDBParameter Several(IEnumerable<TextKey> keys) => new(keys.Select(key => key.Value).ToList());

        public override TextKey Read(DuckDbLine line) => new(line.Text());
    }
}
