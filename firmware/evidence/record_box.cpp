#include "evidence/record_box.hpp"

#include "media/box_writer.hpp"

namespace camgate::evidence {

Bytes recordBox(ByteView canonical_header, ByteView sample_table) {
    media::BoxWriter out;
    const std::size_t box = out.open("uuid");
    out.bytes(kRecordBoxType);
    out.bytes(canonical_header);
    out.bytes(sample_table);
    out.close(box);
    return std::move(out).take();
}

}  // namespace camgate::evidence
