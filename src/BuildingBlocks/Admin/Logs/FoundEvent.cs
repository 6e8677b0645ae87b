using Monolith.BuildingBlocks.Events;

namespace Monolith.BuildingBlocks.Admin.Logs;

/// <summary>An event and the log that it was found in.</summary>
/// <param name="Log">The log.</param>
/// <param name="Record">The event as it is stored.</param>
internal sealed record FoundEvent(ModuleLog Log, LogRecord Record);
