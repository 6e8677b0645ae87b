namespace Monolith.BuildingBlocks.Events;

/// <summary>A query asks a read model that is not complete: it is being built for the first time, or anew after it was lost. Answered with 503, to be asked again.</summary>
/// <param name="readModel">The read model, by the name of its projection.</param>
/// <param name="reason">Why it is not there, where there is more to say than that it has never been built.</param>
public sealed class ReadModelBuildingException(string readModel, string? reason = null)
    : Exception($"The read model {readModel} is being built{(reason is null ? " for the first time" : $": {reason}")}.");
