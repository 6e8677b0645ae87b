using System.Text.Json.Serialization;
using Monolith.BuildingBlocks.Domain.Json;

namespace Monolith.Modules.Analytics.Live;

/// <summary>How live figures are written: as events are.</summary>
[JsonSerializable(typeof(FiguresBody))]
internal sealed partial class LiveJson : JsonSerializerContext
{
    public static LiveJson Web { get; } = new(EventJson.NewOptions());
}
