namespace Monolith.BuildingBlocks.Projections.Running;

/// <summary>Folds a page into the store; hides the types of key and row from the runner.</summary>
internal interface IPageApplier
{
    /// <summary>
    /// Folds and commits. An event that cannot be folded stops its partition's cursor right before it; everything else of the page is committed.
    /// </summary>
    Task ApplyAsync(Page page, CancellationToken cancellation);
}
