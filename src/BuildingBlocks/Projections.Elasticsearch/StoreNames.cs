using System.Globalization;

namespace Monolith.BuildingBlocks.Projections.Elasticsearch;

/// <summary>
/// The names of the indexes of a projection (<c>search-customers-g3</c>, <c>search-customers-registry</c>) and of its alias
/// (<c>search-customers</c>).
/// </summary>
/// <param name="prefix">The prefix of all names.</param>
/// <param name="projection">The projection's name.</param>
internal sealed class StoreNames(string prefix, string projection)
{
    /// <summary>The alias of the live generation.</summary>
    public string Alias { get; } = prefix + projection.Replace('.', '-').ToLowerInvariant();

    /// <summary>The index of the registry, the checkpoints and the dead letters.</summary>
    public string Registry => $"{Alias}-registry";

    /// <summary>The indexes of all generations, as a pattern.</summary>
    public string Generations => $"{Alias}-g*";

    /// <summary>The index of a generation.</summary>
    public string Of(int generation) => string.Create(CultureInfo.InvariantCulture, $"{Alias}-g{generation}");

    /// <summary>The generation of an index.</summary>
    public bool IsGeneration(string index, out int generation)
    {
        generation = 0;
        return index.StartsWith($"{Alias}-g", StringComparison.Ordinal)
            && int.TryParse(index.AsSpan(Alias.Length + 2), NumberStyles.None, CultureInfo.InvariantCulture, out generation);
    }
}
