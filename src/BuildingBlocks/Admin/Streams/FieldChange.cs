using System.Text.Json;

namespace Monolith.BuildingBlocks.Admin.Streams;

/// <summary>A field that differs between two states of an entity.</summary>
/// <param name="Field">Its path: <c>email</c>, <c>deliveryAddress.city</c>, <c>items[0].quantity</c>.</param>
/// <param name="Before">Its value in the earlier state; null where it had none.</param>
/// <param name="After">Its value in the later state.</param>
internal sealed record FieldChange(string Field, JsonElement? Before, JsonElement? After);
