using Monolith.Testing;

namespace Monolith.System.Tests.Load;

/// <summary>The headers by which a request waits until its read model shows what a command has done.</summary>
internal static class Consistency
{
    public const string Token = "Consistency-Token";
    public const string TimeoutHeader = "Consistency-Timeout";
    public const string LongestTimeout = "10000";

    public static string TokenOf(JsonAnswer answer) => answer.Response.Headers.GetValues(Token).Single();

    /// <summary>Sends a query that waits for the events of the tokens.</summary>
    public static Task<JsonAnswer> GetAfterAsync(this HttpClient client, string path, params string[] tokens) =>
        client.GetJson(path, Token, string.Join(", ", tokens), TimeoutHeader, LongestTimeout);

    /// <summary>Sends a command that may need the events of the token.</summary>
    public static Task<JsonAnswer> PostAfterAsync(this HttpClient client, string path, string body, string token) =>
        client.PostJson(path, body, Token, token, TimeoutHeader, LongestTimeout);
}
