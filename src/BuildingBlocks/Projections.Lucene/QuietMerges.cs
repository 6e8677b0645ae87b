using Lucene.Net.Index;

namespace Monolith.BuildingBlocks.Projections.Lucene;

/// <summary>Merges segments in the background; what goes wrong there is told, and does not end the process.</summary>
internal sealed class QuietMerges(Action<Exception> failed) : ConcurrentMergeScheduler
{
    protected override void HandleMergeException(Exception exc) => failed(exc);
}
