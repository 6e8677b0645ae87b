using Lucene.Net.Index;

namespace Monolith.BuildingBlocks.Projections.Lucene;

/// <summary>Tells an index that has to be thrown away from one that cannot be read or written for the moment.</summary>
internal static class BrokenIndex
{
    public static bool Is(Exception exception) => exception switch
    {
        CorruptIndexException or IndexNotFoundException or IndexFormatTooNewException or IndexFormatTooOldException => true,
        EndOfStreamException or FileNotFoundException or DirectoryNotFoundException => true,
        MergePolicy.MergeException { InnerException: { } inner } => Is(inner),
        _ => false,
    };
}
