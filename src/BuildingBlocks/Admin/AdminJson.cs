using System.Text.Json.Serialization;
using Monolith.BuildingBlocks.Admin.Events;
using Monolith.BuildingBlocks.Admin.Logs;
using Monolith.BuildingBlocks.Admin.Streams;
using Monolith.BuildingBlocks.Domain.Json;
using Monolith.BuildingBlocks.Web.Answers;

namespace Monolith.BuildingBlocks.Admin;

/// <summary>What the admin API writes of logs, events and streams.</summary>
[JsonSerializable(typeof(PageBody<LogBody>))]
[JsonSerializable(typeof(PageBody<EventBody>))]
[JsonSerializable(typeof(EventTailBody))]
[JsonSerializable(typeof(EventTraceBody))]
[JsonSerializable(typeof(StreamBody))]
[JsonSerializable(typeof(StreamDiffBody))]
internal sealed partial class AdminJson : JsonSerializerContext
{
    public static AdminJson Web { get; } = new(EventJson.NewOptions());
}
