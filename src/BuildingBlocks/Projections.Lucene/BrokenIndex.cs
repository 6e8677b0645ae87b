using Lucene.Net.Index;

namespace Monolith.BuildingBlocks.Projections.Lucene;

/// <summary>Tells an index that has to be thrown away from one that cannot be read or written for the moment.</summary>
internal static class BrokenIndex
{
    // Lucene has no type of its own for these, and calls them I/O errors as any other.
    private static readonly string[] WrongBytes = ["checksum failed", "codec header mismatch", "codec mismatch", "codec footer mismatch", "misplaced codec footer"];

    public static bool Is(Exception exception) => exception switch
    {
        CorruptIndexException or IndexNotFoundException or IndexFormatTooNewException or IndexFormatTooOldException => true,
        EndOfStreamException or FileNotFoundException or DirectoryNotFoundException => true,
        IOException { Message: var message } when WrongBytes.Any(words => message.StartsWith(words, StringComparison.Ordinal)) => true,
        MergePolicy.MergeException { InnerException: { } inner } => Is(inner),
        _ => false,
    };

    /// <summary>The same of one that was being opened: what fails there for any other reason than the disk fails for what the files hold.</summary>
    public static bool IsWhenOpened(Exception exception) => Is(exception) || exception is not (IOException or UnauthorizedAccessException or OutOfMemoryException);
}
