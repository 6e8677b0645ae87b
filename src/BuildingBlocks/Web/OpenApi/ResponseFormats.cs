using System.Text.Json.Nodes;

namespace Monolith.BuildingBlocks.Web.OpenApi;

/// <summary>The format of a response that is not the JSON of a type.</summary>
/// <param name="MediaType">The media type.</param>
/// <param name="Schema">The JSON schema; null if it is not JSON.</param>
/// <param name="IsFile">Whether it is a file with a name.</param>
public sealed record ResponseFormat(string MediaType, Func<JsonObject>? Schema = null, bool IsFile = false);

/// <summary>The format of a stream of server-sent events.</summary>
/// <param name="Messages">The description of its messages.</param>
/// <param name="CanResume">Whether a client that reconnects with <c>Last-Event-ID</c> gets the messages that it missed.</param>
public sealed record EventStreamFormat(string Messages, bool CanResume);
