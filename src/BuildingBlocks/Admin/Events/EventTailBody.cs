namespace Monolith.BuildingBlocks.Admin.Events;

/// <summary>The next events of the logs, those of each partition in the order of their offsets.</summary>
/// <param name="Items">The events; may be empty.</param>
/// <param name="Next">The URL that continues after them. Always there: a client that follows the logs requests it next.</param>
/// <param name="More">Whether the logs hold more already.</param>
internal sealed record EventTailBody(IReadOnlyList<EventBody> Items, string Next, bool More);
