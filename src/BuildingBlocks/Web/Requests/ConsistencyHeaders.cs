using Microsoft.AspNetCore.Http;
using Monolith.BuildingBlocks.Application;
using Monolith.BuildingBlocks.Domain;
using Monolith.BuildingBlocks.Domain.Rules;
using Monolith.BuildingBlocks.Events.Consistency;
using Monolith.BuildingBlocks.Web.Numbers;

namespace Monolith.BuildingBlocks.Web.Requests;

/// <summary>Reads which events a response must show, and how long the request waits for them.</summary>
internal static class ConsistencyHeaders
{
    /// <summary>In a response: the offsets of its events. In a request: the events that the response must show.</summary>
    public const string Token = "Consistency-Token";

    /// <summary>In a request: how many milliseconds it waits.</summary>
    public const string Timeout = "Consistency-Timeout";

    private const int MaxTokens = 64;
    private const int MaxMilliseconds = 10_000;

    private static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(2);

    // A truncated or mistyped token is found by its checksum.
    public static FieldConstraint TokenConstraint { get; } = new()
    {
        Pattern = $@"^[A-Za-z0-9_-]+([\x09\x20]*,[\x09\x20]*[A-Za-z0-9_-]+){{0,{MaxTokens - 1}}}$",
    };

    public static FieldConstraint TimeoutConstraint { get; } = new() { Minimum = 0, Maximum = MaxMilliseconds };

    public static int DefaultMilliseconds => (int)DefaultTimeout.TotalMilliseconds;

    public static Error InvalidToken { get; } =
        Invalid(Token, $"Must be one to {MaxTokens} tokens of responses to commands, separated by commas.");

    public static Error InvalidTimeout { get; } =
        Invalid(Timeout, $"Must be a whole number of milliseconds, from 0 to {MaxMilliseconds}.");

    /// <summary>Reads the offsets that the response must have reached, at most one per partition; empty without tokens.</summary>
    public static Result<IReadOnlyList<LogOffset>> ReadOffsets(HttpRequest request)
    {
        var header = request.Headers[Token];
        if (header.Count == 0)
            return Array.Empty<LogOffset>();

        var offsets = new Dictionary<(string Log, int Partition), LogOffset>();
        var tokens = header.SelectMany(line => (line ?? "").Split(',')).Select(token => token.Trim(' ', '\t')).ToArray();
        foreach (var token in tokens)
        {
            if (tokens.Length > MaxTokens || !ConsistencyToken.TryParse(token, out var offset))
                return InvalidToken;
            if (!offsets.TryGetValue((offset.Log, offset.Partition), out var known) || known.NextOffset < offset.NextOffset)
                offsets[(offset.Log, offset.Partition)] = offset;
        }

        return offsets.Values.ToArray();
    }

    public static Result<TimeSpan> ReadTimeout(HttpRequest request)
    {
        var header = request.Headers[Timeout];
        if (header.Count == 0)
            return DefaultTimeout;
        return header.Count == 1 && ExactNumber.ReadWhole(header[0], 0, MaxMilliseconds) is { } milliseconds
            ? TimeSpan.FromMilliseconds(milliseconds)
            : InvalidTimeout;
    }

    private static Error Invalid(string header, string message) =>
        RequestErrors.Invalid(new Dictionary<string, string[]> { [header] = [message] });
}
