using Lucene.Net.Index;

namespace Monolith.BuildingBlocks.Projections.Lucene;

/// <summary>Reads one stored field of a document.</summary>
internal sealed class RowVisitor(string field) : StoredFieldVisitor
{
    public byte[]? Bytes { get; private set; }

    public RowVisitor Empty()
    {
        Bytes = null;
        return this;
    }

    public override void BinaryField(FieldInfo fieldInfo, byte[] value) => Bytes = value;

    public override Status NeedsField(FieldInfo fieldInfo) =>
        Bytes is not null ? Status.STOP : fieldInfo.Name == field ? Status.YES : Status.NO;
}
