namespace Monolith.BuildingBlocks.Web.OpenApi;

/// <summary>What a stream of server-sent events is like.</summary>
/// <param name="Messages">What its messages are.</param>
/// <param name="GoesOn">Whether a client that comes back with <c>Last-Event-ID</c> gets what it missed.</param>
public sealed record StreamForm(string Messages, bool GoesOn);
