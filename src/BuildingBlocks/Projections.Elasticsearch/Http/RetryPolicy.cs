namespace Monolith.BuildingBlocks.Projections.Elasticsearch.Http;

/// <summary>How long a request is tried again, and what it outlasts.</summary>
/// <param name="Whole">For how long it is tried again after failures that pass by themselves.</param>
/// <param name="OfEach">How long each attempt may take.</param>
/// <param name="OutlastsBlocks">Whether an index that takes no writes is waited for too.</param>
internal sealed record RetryPolicy(TimeSpan Whole, TimeSpan OfEach, bool OutlastsBlocks = false)
{
    /// <summary>Of a query: somebody waits for the answer, and rather hears that there is none.</summary>
    public static RetryPolicy OfQueries { get; } = new(TimeSpan.FromMilliseconds(500), TimeSpan.FromSeconds(10));

    /// <summary>Of a live batch or a step of the registry: whoever asks begins again from what is there.</summary>
    public static RetryPolicy OfSteps { get; } = new(TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(30));

    /// <summary>Of a build: to begin again costs more than to wait for a server that is started anew, or for an operator who makes room on its disk.</summary>
    public static RetryPolicy OfBuilds { get; } = new(TimeSpan.FromMinutes(2), TimeSpan.FromSeconds(60), OutlastsBlocks: true);
}
