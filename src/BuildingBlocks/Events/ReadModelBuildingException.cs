namespace Monolith.BuildingBlocks.Events;

/// <summary>
/// A read model cannot be queried because it is being built for the first time, or rebuilt after it was lost. Over HTTP the response is
/// 503.
/// </summary>
/// <param name="readModel">The read model, by the name of its projection.</param>
/// <param name="reason">The reason; null if the read model has never been built.</param>
public sealed class ReadModelBuildingException(string readModel, string? reason = null)
    : Exception($"The read model {readModel} is being built{(reason is null ? " for the first time" : $": {reason}")}.");
