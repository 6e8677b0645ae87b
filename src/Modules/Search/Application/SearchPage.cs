using System.Buffers.Binary;

namespace Monolith.Modules.Search.Application;

/// <summary>A page of hits.</summary>
/// <param name="Items">The hits, best first.</param>
/// <param name="Total">The number of hits on all pages.</param>
/// <param name="Next">The cursor of the next page; null on the last one.</param>
internal sealed record SearchPage<T>(IReadOnlyList<T> Items, long Total, SearchCursor? Next)
{
    /// <summary>A page of up to <paramref name="limit"/> hits. One more hit in the result means that there is a next page.</summary>
    public static SearchPage<T> Of<TRow>(SearchResult<TRow> result, int limit, Func<TRow, Guid> id, Func<Hit<TRow>, T> item)
    {
        var hits = result.Hits.Take(limit).ToArray();
        var next = result.Hits.Count > limit ? new SearchCursor(hits[^1].Score, id(hits[^1].Row)) : null;
        return new SearchPage<T>([.. hits.Select(item)], result.Total, next);
    }
}

/// <summary>The score and id of the last hit of a page.</summary>
internal sealed record SearchCursor(int Score, Guid Id)
{
    private const int ScoreBytes = sizeof(int);

    /// <summary>The length of <see cref="ToBytes"/>.</summary>
    public const int Length = ScoreBytes + 16;

    public static SearchCursor Of(ReadOnlySpan<byte> bytes) =>
        new(BinaryPrimitives.ReadInt32BigEndian(bytes), new Guid(bytes[ScoreBytes..], bigEndian: true));

    public byte[] ToBytes()
    {
        var bytes = new byte[Length];
        BinaryPrimitives.WriteInt32BigEndian(bytes, Score);
        Id.TryWriteBytes(bytes.AsSpan(ScoreBytes), bigEndian: true, out _);
        return bytes;
    }
}
