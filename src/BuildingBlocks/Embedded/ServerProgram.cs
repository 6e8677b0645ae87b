namespace Monolith.BuildingBlocks.Embedded;

/// <summary>How to start a server, and which signal asks it to stop.</summary>
internal sealed record ServerProgram(string Name, IReadOnlyList<string> Command, string WorkingDirectory, string StopSignal)
{
    public ServerUser User { get; init; } = ServerUser.Current;
}
