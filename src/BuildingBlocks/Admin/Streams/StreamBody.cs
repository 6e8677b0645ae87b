using System.Text.Json;

namespace Monolith.BuildingBlocks.Admin.Streams;

/// <summary>An entity as it was, and how it came to be.</summary>
/// <param name="Id">The entity.</param>
/// <param name="Module">The module that owns it.</param>
/// <param name="Entity">What it is (<c>customer</c>); null where its module tells no history of it.</param>
/// <param name="Version">Its version at the point that was asked for.</param>
/// <param name="Latest">Its version now.</param>
/// <param name="State">The entity at that point, with the fields that callers see.</param>
/// <param name="Events">Its events up to that point, oldest first.</param>
internal sealed record StreamBody(Guid Id, string Module, string? Entity, long Version, long Latest, JsonElement? State, IReadOnlyList<StreamEventBody> Events);
