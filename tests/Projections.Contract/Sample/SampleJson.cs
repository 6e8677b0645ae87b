using System.Text.Json.Serialization;
using Monolith.BuildingBlocks.Domain.Json;

namespace Monolith.BuildingBlocks.Projections.Contract.Sample;

[JsonSerializable(typeof(Counted))]
[JsonSerializable(typeof(Named))]
[JsonSerializable(typeof(Removed))]
[JsonSerializable(typeof(Stocked))]
public sealed partial class SampleJson : JsonSerializerContext
{
    public static SampleJson Contracts { get; } = new(EventJson.NewOptions());
}
