using Lucene.Net.Index;

namespace Monolith.BuildingBlocks.Projections.Lucene;

/// <summary>Distinguishes corrupt indexes, which must be discarded, from temporary I/O errors.</summary>
internal static class BrokenIndex
{
    // Lucene.Net throws a plain IOException for these.
    private static readonly string[] CorruptionMessages =
        ["checksum failed", "codec header mismatch", "codec mismatch", "codec footer mismatch", "misplaced codec footer"];

    public static bool Is(Exception exception) => exception switch
    {
        CorruptIndexException or IndexNotFoundException or IndexFormatTooNewException or IndexFormatTooOldException => true,
        EndOfStreamException or FileNotFoundException or DirectoryNotFoundException => true,
        IOException { Message: var message } =>
            CorruptionMessages.Any(text => message.StartsWith(text, StringComparison.Ordinal)),
        MergePolicy.MergeException { InnerException: { } inner } => Is(inner),
        _ => false,
    };

    /// <summary>Like <see cref="Is"/>, for exceptions while opening: anything but an I/O error is caused by the file contents.</summary>
    public static bool IsWhenOpened(Exception exception) =>
        Is(exception) || exception is not (IOException or UnauthorizedAccessException or OutOfMemoryException);
}
