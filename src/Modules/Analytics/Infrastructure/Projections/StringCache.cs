namespace Monolith.Modules.Analytics.Infrastructure.Projections;

/// <summary>
/// Shares equal strings that many events repeat (products, cities, currencies): a rebuild in memory would otherwise hold one copy per
/// event. The size is fixed; colliding strings replace each other.
/// </summary>
internal sealed class StringCache
{
    private const int Size = 1 << 14;

    private readonly string?[] strings = new string?[Size];

    /// <summary>An equal string, usually the same instance. Thread-safe.</summary>
    public string Of(string value)
    {
        ref var slot = ref strings[value.GetHashCode() & (Size - 1)];
        if (slot is { } cached && cached == value)
            return cached;
        slot = value;
        return value;
    }
}
