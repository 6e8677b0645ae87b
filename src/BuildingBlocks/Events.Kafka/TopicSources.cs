namespace Monolith.BuildingBlocks.Events.Kafka;

/// <summary>The incarnation of each topic that a reader reads: cluster id and topic id.</summary>
internal sealed class TopicSources
{
    private readonly Dictionary<string, string> sources = [];

    public string? Of(string log) => sources.GetValueOrDefault(log);

    /// <summary>Notes the incarnation of a topic.</summary>
    /// <returns>Whether another incarnation was known before: the topic was deleted and recreated.</returns>
    public bool Note(string log, string source)
    {
        var isReplaced = sources.TryGetValue(log, out var known) && known != source;
        sources[log] = source;
        return isReplaced;
    }

    public IReadOnlyDictionary<string, string> Copy() => new Dictionary<string, string>(sources);
}
