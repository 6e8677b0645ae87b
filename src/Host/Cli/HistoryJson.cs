using System.Text.Json;
using System.Text.Json.Serialization;
using Monolith.Host.Cli.Events;
using Monolith.Host.Cli.Logs;
using Monolith.Host.Cli.Streams;

namespace Monolith.Host.Cli;

/// <summary>What verbs read of logs, events and streams.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(EventEntry))]
[JsonSerializable(typeof(EventPage))]
[JsonSerializable(typeof(EventTailPage))]
[JsonSerializable(typeof(EventTrace))]
[JsonSerializable(typeof(LogList))]
[JsonSerializable(typeof(StreamPast))]
[JsonSerializable(typeof(StreamDiff))]
internal sealed partial class HistoryJson : JsonSerializerContext
{
    public static HistoryJson Web => Default;
}
