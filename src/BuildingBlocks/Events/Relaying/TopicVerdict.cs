namespace Monolith.BuildingBlocks.Events.Relaying;

/// <summary>How a topic partition fits to its log.</summary>
/// <param name="Ends">What stands at its ends; null where it is empty.</param>
/// <param name="Refusal">Why it does not continue the log; null where it does.</param>
public sealed record TopicVerdict(TopicRange? Ends, string? Refusal);
