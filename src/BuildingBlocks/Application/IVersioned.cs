namespace Monolith.BuildingBlocks.Application;

/// <summary>An answer that shows one aggregate at one version; the edge makes the <c>ETag</c> of it.</summary>
public interface IVersioned
{
    /// <summary>The aggregate's version.</summary>
    long Version { get; }
}
