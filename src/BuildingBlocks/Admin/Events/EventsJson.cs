using System.Text.Json.Serialization;
using Monolith.BuildingBlocks.Domain.Json;
using Monolith.BuildingBlocks.Web.Responses;

namespace Monolith.BuildingBlocks.Admin.Events;

[JsonSerializable(typeof(PageBody<EventBody>))]
[JsonSerializable(typeof(EventTailBody))]
[JsonSerializable(typeof(EventTraceBody))]
internal sealed partial class EventsJson : JsonSerializerContext
{
    public static EventsJson Web { get; } = new(EventJson.NewOptions());
}
