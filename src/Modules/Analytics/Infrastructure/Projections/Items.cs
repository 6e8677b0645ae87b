using System.Collections;
using System.Collections.Immutable;

namespace Monolith.Modules.Analytics.Infrastructure.Projections;

/// <summary>An immutable list with value equality.</summary>
internal sealed class Items<T> : IReadOnlyList<T>, IEquatable<Items<T>>
    where T : IEquatable<T>
{
    private readonly ImmutableArray<T> items;

    private Items(ImmutableArray<T> items) => this.items = items;

    public static Items<T> None { get; } = new([]);

    public int Count => items.Length;

    public T this[int index] => items[index];

    public static Items<T> Of(IEnumerable<T> items) => new([.. items]);

    public Items<T> With(T item) => new(items.Add(item));

    /// <summary>Replaces the last item and appends another one.</summary>
    public Items<T> With(T last, T item) => new(items.SetItem(items.Length - 1, last).Add(item));

    public bool Equals(Items<T>? other) => other is not null && items.AsSpan().SequenceEqual(other.items.AsSpan());

    public override bool Equals(object? obj) => Equals(obj as Items<T>);

    public override int GetHashCode()
    {
        var hash = new HashCode();
        foreach (var item in items)
            hash.Add(item);
        return hash.ToHashCode();
    }

    public IEnumerator<T> GetEnumerator() => ((IEnumerable<T>)items).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
