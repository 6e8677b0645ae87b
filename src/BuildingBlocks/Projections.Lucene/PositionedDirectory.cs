using Lucene.Net.Store;
using Microsoft.Win32.SafeHandles;

namespace Monolith.BuildingBlocks.Projections.Lucene;

/// <summary>
/// Reads index files by positioned reads (<c>pread</c>). Concurrent readers of a file share only its handle. In
/// <see cref="SimpleFSDirectory"/> they also share the file position and lock each other out.
/// </summary>
/// <param name="path">The folder.</param>
/// <param name="locks">The lock factory.</param>
internal sealed class PositionedDirectory(string path, LockFactory locks) : SimpleFSDirectory(path, locks)
{
    public override IndexInput OpenInput(string name, IOContext context)
    {
        EnsureOpen();
        var file = FileOf(name);
        return new Input(name, file, 0, file.Length, context) { IsClone = false };
    }

    public override IndexInputSlicer CreateSlicer(string name, IOContext context)
    {
        EnsureOpen();
        return new Slicer(FileOf(name), context);
    }

    // Unbuffered: each input has a buffer.
    private FileStream FileOf(string name) =>
        new(Path.Combine(Directory.FullName, name), FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);

    private sealed class Slicer(FileStream file, IOContext context) : IndexInputSlicer
    {
        public override IndexInput OpenSlice(string sliceDescription, long offset, long length) =>
            new Input(sliceDescription, file, offset, length, context);

        [Obsolete("Only used for indexes of Lucene 3.")]
        public override IndexInput OpenFullSlice() => OpenSlice("full slice", 0, file.Length);

        protected override void Dispose(bool disposing)
        {
            if (disposing)
                file.Dispose();
        }
    }

    private sealed class Input(string name, FileStream file, long offset, long length, IOContext context)
        : SimpleFSIndexInput($"{name} of {file.Name}", file, offset, length, GetBufferSize(context))
    {
        private readonly SafeFileHandle handle = file.SafeFileHandle;

        protected override void ReadInternal(byte[] b, int offset, int len)
        {
            var at = m_off + Position;
            if (at + len > m_end)
                throw new EndOfStreamException($"Read past the end: {this}");
            for (var read = 0; read < len;)
            {
                var more = RandomAccess.Read(handle, b.AsSpan(offset + read, len - read), at + read);
                if (more == 0)
                    throw new EndOfStreamException($"The file is shorter than it was: {this}");
                read += more;
            }
        }
    }
}
