namespace Exchange.Requests.Tests;

/// <summary>A stream that gives its bytes in pieces of the lengths asked for, over and over.</summary>
sealed class ChunkedStream(byte[] bytes, params int[] lengths) : Stream
{
    int at;
    int reads;

    public override bool CanRead => true;
    public override bool CanSeek => false;
    public override bool CanWrite => false;
    public override long Length => throw new NotSupportedException();
    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var length = Math.Min(Math.Min(lengths[reads++ % lengths.Length], buffer.Length), bytes.Length - at);
        bytes.AsMemory(at, length).CopyTo(buffer);
        at += length;
        return new(length);
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    public override void Flush() { }
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
    public override void SetLength(long value) => throw new NotSupportedException();
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
