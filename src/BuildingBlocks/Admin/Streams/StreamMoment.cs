using System.Text.Json;
using Monolith.BuildingBlocks.Events;

namespace Monolith.BuildingBlocks.Admin.Streams;

/// <summary>An event in the life of an entity.</summary>
/// <param name="Record">The event.</param>
/// <param name="State">The entity after it; null where it is not there any more.</param>
/// <param name="Changes">What the event changed.</param>
internal sealed record StreamMoment(LogRecord Record, JsonElement? State, IReadOnlyList<FieldChange> Changes);
