namespace Monolith.BuildingBlocks.Application;

/// <summary>A command whose caller may insist on the version that it has seen (<c>If-Match</c>). A lost race is then an error, never a retry.</summary>
public interface IConditional
{
    /// <summary>The version that the caller expects, or null where any will do.</summary>
    long? ExpectedVersion { get; }
}
