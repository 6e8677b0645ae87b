using Npgsql;

namespace Monolith.BuildingBlocks.Projections.Postgres;

/// <summary>The column that is the key of a row.</summary>
internal interface IKeyColumn<in TRow, TKey>
    where TKey : struct, IEquatable<TKey>
{
    string Name { get; }

    string SqlType { get; }

    TKey Get(TRow row);

    /// <summary>Keys as one parameter.</summary>
    NpgsqlParameter Keys(IReadOnlyCollection<TKey> keys);

    /// <summary>One key as a parameter.</summary>
    NpgsqlParameter One(TKey key);

    /// <summary>The key as text, as PostgreSQL converts it.</summary>
    string TextOf(TKey key);

    TKey Parse(string text);
}
