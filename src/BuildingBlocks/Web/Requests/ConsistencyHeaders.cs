using Microsoft.AspNetCore.Http;
using Monolith.BuildingBlocks.Application;
using Monolith.BuildingBlocks.Domain.Rules;
using Monolith.BuildingBlocks.Domain;
using Monolith.BuildingBlocks.Events.Consistency;
using Monolith.BuildingBlocks.Web.Numbers;

namespace Monolith.BuildingBlocks.Web.Requests;

/// <summary>What a caller wants to see at the least, and for how long it waits for that.</summary>
internal static class ConsistencyHeaders
{
    /// <summary>On an answer: where its events are. On a request: which events the answer must show.</summary>
    public const string Token = "Consistency-Token";

    /// <summary>On a request: for how many milliseconds it waits.</summary>
    public const string Timeout = "Consistency-Timeout";

    private const int MostTokens = 64;
    private const int MostMilliseconds = 10_000;

    private static readonly TimeSpan UsualWait = TimeSpan.FromSeconds(2);

    /// <summary>What the header with the tokens must be; a token that is cut or mistyped is found by its checksum.</summary>
    public static FieldConstraint TokenConstraint { get; } = new() { Pattern = $@"^[A-Za-z0-9_-]+([\x09\x20]*,[\x09\x20]*[A-Za-z0-9_-]+){{0,{MostTokens - 1}}}$" };

    /// <summary>What the header with the time must be.</summary>
    public static FieldConstraint TimeoutConstraint { get; } = new() { Minimum = 0, Maximum = MostMilliseconds };

    /// <summary>How long a request waits that does not say it, in milliseconds.</summary>
    public static int UsualMilliseconds => (int)UsualWait.TotalMilliseconds;

    public static Error BadToken { get; } = Bad(Token, $"Must be one to {MostTokens} tokens as answers to commands carry them, separated by commas.");
    public static Error BadTimeout { get; } = Bad(Timeout, $"Must be a whole number of milliseconds, from 0 to {MostMilliseconds}.");

    /// <summary>The places that the answer must show, those of one partition as one; none where the caller names none.</summary>
    public static Result<IReadOnlyList<LogOffset>> ReadPlaces(HttpRequest request)
    {
        var header = request.Headers[Token];
        if (header.Count == 0)
            return Array.Empty<LogOffset>();

        var places = new Dictionary<(string Log, int Partition), LogOffset>();
        var tokens = header.SelectMany(line => (line ?? "").Split(',')).Select(token => token.Trim(' ', '\t')).ToArray();
        foreach (var token in tokens)
        {
            if (tokens.Length > MostTokens || !ConsistencyToken.TryParse(token, out var place))
                return BadToken;
            if (!places.TryGetValue((place.Log, place.Partition), out var known) || known.NextOffset < place.NextOffset)
                places[(place.Log, place.Partition)] = place;
        }

        return places.Values.ToArray();
    }

    /// <summary>For how long the caller waits.</summary>
    public static Result<TimeSpan> ReadTimeout(HttpRequest request)
    {
        var header = request.Headers[Timeout];
        if (header.Count == 0)
            return UsualWait;
        return header.Count == 1 && ExactNumber.ReadWhole(header[0], 0, MostMilliseconds) is { } milliseconds
            ? TimeSpan.FromMilliseconds(milliseconds)
            : BadTimeout;
    }

    private static Error Bad(string header, string message) => RequestErrors.Invalid(new Dictionary<string, string[]> { [header] = [message] });
}
