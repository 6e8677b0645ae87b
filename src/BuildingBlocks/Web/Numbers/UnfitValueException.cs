using System.Text.Json;

namespace Monolith.BuildingBlocks.Web.Numbers;

/// <summary>A value of a request does not fit its field. The serializer adds the path; the message is for the caller.</summary>
/// <param name="fault">What the value must be.</param>
internal sealed class UnfitValueException(string fault) : JsonException(fault)
{
    /// <summary>What the value must be.</summary>
    public string Fault { get; } = fault;
}
