using Monolith.Testing;

namespace Monolith.System.Tests.Load;

/// <summary>The headers by which a request waits until its read model shows what a command has done.</summary>
internal static class Consistency
{
    public const string Token = "Consistency-Token";
    public const string PatienceHeader = "Consistency-Timeout";
    public const string MostPatient = "10000";

    public static string TokenOf(JsonAnswer answer) => answer.Response.Headers.GetValues(Token).Single();

    /// <summary>Asks for something, and waits for what the tokens name.</summary>
    public static Task<JsonAnswer> GetAfterAsync(this HttpClient client, string path, params string[] tokens) =>
        client.GetJson(path, Token, string.Join(", ", tokens), PatienceHeader, MostPatient);

    /// <summary>Sends a command that may need what the token names.</summary>
    public static Task<JsonAnswer> PostAfterAsync(this HttpClient client, string path, string body, string token) =>
        client.PostJson(path, body, Token, token, PatienceHeader, MostPatient);
}
